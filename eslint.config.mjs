import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'output/', 'node_modules/', 'test-results/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // commands and large libraries are loaded late
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'max-len': ['error', { code: 160, ignoreRegExpLiterals: true }], // Prettier breaks code, but no comment and no string
      'no-empty-pattern': 'off', // Playwright Test wants ({}, info)
      'no-control-regex': 'off', // escapes of terminals and XML are what some of these look for
    },
  },
  {
    // The rooms that are free of them; the others follow.
    files: ['config', 'contracts', 'federation', 'pages', 'recordings', 'reports'].map((room) => `${room}/**/*.ts`),
    ignores: ['**/*.{test,lab,probe}.ts', '**/testing/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'error' },
  },
  { files: ['**/*.{js,mjs}'], rules: { 'max-len': ['error', { code: 160, ignoreRegExpLiterals: true }] } },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { require: 'readonly', module: 'readonly', process: 'readonly', console: 'readonly', __dirname: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
