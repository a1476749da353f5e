import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import { readdirSync } from "node:fs";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** What the files of a floor may not import: features never import each other, and nothing imports what lies above it. */
function floor(files, forbidden, message) {
  const patterns = [{ group: forbidden, message }];
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default tseslint.config(
  { ignores: ["node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [
      tseslint.configs.strict,
      a11y.flatConfigs.recommended,
      hooks.configs.flat["recommended-latest"],
    ],
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off", // where an index is known to be there, `!` says so
      // User text is never HTML, and no policy that forbids eval should ever have to.
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "User text is never HTML.",
        },
        {
          selector: "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]",
          message: "User text is never HTML.",
        },
      ],
      // The table's and the virtualizer's hooks hand out functions that the compiler can't memoize; nothing here relies on it.
      "react-hooks/incompatible-library": "off",
    },
  },
  { files: ["*.{js,ts}", "scripts/**", "tests/**"], languageOptions: { globals: globals.node } },
  { files: ["tests/**"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    files: ["public/**"],
    languageOptions: { globals: globals.browser, sourceType: "script" },
    rules: { "no-unused-vars": "off", "no-var": "off" },
  },
  floor(
    ["src/lib/**"],
    ["@/routes/**", "@/features/**", "@/components/**", "@/queries/**", "@/stream/**", "@/api/**"],
    "lib is pure: it imports nothing of ours but lib.",
  ),
  floor(
    ["src/api/**"],
    ["@/routes/**", "@/features/**", "@/components/**", "@/queries/**", "@/stream/**"],
    "api imports lib only.",
  ),
  floor(["src/queries/**"], ["@/routes/**", "@/features/**", "@/components/**"], "A query knows no page."),
  floor(["src/components/**"], ["@/routes/**", "@/features/**"], "A component knows no page."),
  ...features.map((name) =>
    floor(
      [`src/features/${name}/**`],
      ["@/routes/**", ...features.filter((other) => other !== name).map((other) => `@/features/${other}/**`)],
      "Features never import each other: what they share belongs to components, queries or lib.",
    ),
  ),
);
