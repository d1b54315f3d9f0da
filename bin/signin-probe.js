#!/usr/bin/env node
// The installed package runs compiled dist/; a checkout runs the sources.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
if (existsSync(join(root, 'cli', 'main.ts'))) {
  require('../scripts/start/run-sources');
  require(join(root, 'cli', 'main.ts'));
} else {
  // `--help`, `--version` and nothing at all name no command.
  const file = process.argv.slice(2).every((word) => word.startsWith('-')) ? 'help.js' : 'main.js';
  require('./load-compiled').loadCompiled(join(root, 'dist', 'cli', file));
}
