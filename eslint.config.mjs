import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'output/', 'node_modules/', 'test-results/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // What of the type-checked preset is only noise here.
      '@typescript-eslint/require-await': 'off', // an interface wants a promise, and one who has the value at once gives it
      '@typescript-eslint/unbound-method': 'off', // methods of our objects are closures: nothing here is asked for by `this`
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true, allowNever: true, allowAny: false },
      ],
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
    files: ['**/*.ts'],
    ignores: ['**/*.{test,lab,probe}.ts', '**/testing/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'error' },
  },
  {
    // The rooms whose functions are short; the others follow.
    files: ['cli', 'config', 'contracts', 'pages', 'reports', 'runs', 'system'].map((room) => `${room}/**/*.ts`),
    ignores: ['**/*.{test,lab,probe}.ts', '**/testing/**'],
    rules: { complexity: ['error', 15], 'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['**/*.{test,lab,probe}.ts', '**/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // a test that takes what is not there for granted fails, as it should
    },
  },
  { files: ['**/*.{js,mjs}'], rules: { 'max-len': ['error', { code: 160, ignoreRegExpLiterals: true }] } },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { require: 'readonly', module: 'readonly', process: 'readonly', console: 'readonly', __dirname: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
