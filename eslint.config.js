import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import importsByPath from './scripts/lint/imports-by-path.mjs';

/**
 * The modules that must not know each other's internals. What two of them share lives in
 * `exchange`, `wire`, `process`, `errors` or `config`; only `*.module.ts` files cross folders for wiring.
 */
const apart = ['proxy', 'chat', 'analytics'];

const UPSTREAM_CLIENT = 'src/proxy/upstream.client.ts';

const undiciBan = {
  name: 'undici',
  message: 'proxy/upstream.client.ts alone speaks undici.',
};

/** Options of one rule do not add up over several entries, so each folder gets all of its own. */
const importRules = (folder, banned = [undiciBan]) => [
  'error',
  {
    paths: banned,
    patterns: apart
      .filter((other) => folder !== null && other !== folder)
      .map((other) => ({
        group: [`**/${other}/**`],
        message: `${folder} and ${other} stay apart: share through exchange, wire, process, errors or config.`,
      })),
  },
];

const modulesApart = apart.map((folder) => ({
  files: [`src/${folder}/**/*.ts`],
  ignores: ['src/**/*.module.ts', UPSTREAM_CLIENT],
  rules: { 'no-restricted-imports': importRules(folder) },
}));

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**', '.cache/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { project: { rules: { 'imports-by-path': importsByPath } } },
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'project/imports-by-path': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { disallowTypeAnnotations: false, fixStyle: 'inline-type-imports' },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest reads constructor parameter types at run time, so those imports look type-only but are not.
      '@typescript-eslint/parameter-properties': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'The environment is read in config/ alone.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [UPSTREAM_CLIENT, '**/*.spec.ts'],
    rules: { 'no-restricted-imports': importRules(null) },
  },
  { files: [UPSTREAM_CLIENT], rules: { 'no-restricted-imports': importRules('proxy', []) } },
  {
    // What is made for each request. See the docstring of Dialect (src/chat/dialects/dialect.ts).
    files: ['src/{chat,exchange,proxy,usage,wire}/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ObjectExpression > Property[kind=/^[gs]et$/]',
          message:
            'An accessor gives each object a hidden class of its own: use a class, or a method.',
        },
      ],
    },
  },
  ...modulesApart,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setImmediate: 'readonly',
        AbortController: 'readonly',
        TextDecoder: 'readonly',
        TextEncoder: 'readonly',
      },
    },
  },
);
