#!/usr/bin/env node
// The installed package runs compiled dist/; a checkout runs the sources.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const compiled = join(root, 'dist', 'scripts', 'cli.js');
if (existsSync(join(root, 'scripts', 'cli.ts'))) {
  process.env.TS_NODE_PROJECT ??= join(root, 'tsconfig.json');
  require('ts-node/register');
  require(join(root, 'scripts', 'cli.ts'));
} else require(compiled);
