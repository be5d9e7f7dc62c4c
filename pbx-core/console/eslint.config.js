import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const named = (...names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default ts.config(
  { ignores: ["dist", "embedded", "src/api/schema.ts"] },
  js.configs.recommended,
  { files: ["scripts/**"], languageOptions: { globals: named("Buffer", "URL", "console", "process") } },
  {
    files: ["public/**", "src/*.js"],
    languageOptions: { globals: named("Event", "KeyboardEvent", "document", "localStorage") },
  },
  { files: ["vite.config.ts"], extends: [ts.configs.base], languageOptions: { globals: named("URL", "process") } },
  {
    files: ["src/**/*.ts", "src/**/*.tsx"],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json" } },
    plugins: { "react-hooks": hooks },
    rules: {
      // Not exhaustive-deps: it knows no signals, which are what most of our hooks depend on.
      "react-hooks/rules-of-hooks": "error",
      // A form's or a button's handler may be async: what it awaits is caught in it.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // A stand-in in a test is async because what it stands for is.
      "@typescript-eslint/require-await": "off",
    },
  },
);
