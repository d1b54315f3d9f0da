#!/usr/bin/env node
// The installed package runs compiled dist/; a checkout runs the sources.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
if (existsSync(join(root, 'cli', 'main.ts'))) {
  require('../scripts/start/run-sources');
  require(join(root, 'cli', 'main.ts'));
} else require(join(root, 'dist', 'cli', 'main.js'));
