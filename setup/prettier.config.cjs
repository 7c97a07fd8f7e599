// Indentation comes from .editorconfig.
module.exports = {
  bracketSpacing: false,
  printWidth: 88,
  semi: true,
  trailingComma: "es5",
};
