// `npm run build`: the package's compiled code, in three files, which are read faster than a thousand: dist/cli/main.js, all commands with the small packages
// they
// need; dist/cli/help.js, the same without any command; dist/cli/playwright.js, which is loaded when a browser is started. Packages with native parts and
// those of
// `watch` stay in node_modules and are loaded when asked for.
const { createHash } = require('node:crypto');
const { build } = require('esbuild');
const { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const out = join(root, 'dist', 'cli');
const { dependencies } = require('../../package.json');
/** Small, plain JavaScript, and needed by commands that are done in a moment. */
const bundled = ['@xmldom/xmldom', 'commander', 'croner', 'fflate', 'p-retry', 'parse5', 'winston', 'yaml', 'zod'];

const { idLength } = require('../../bin/load-compiled');

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  charset: 'ascii', // one byte for each character, also in memory
  minifyWhitespace: true,
  keepNames: false,
  legalComments: 'none', // dist/licences.txt has them
  metafile: true,
  logLevel: 'warning',
};

/** A piece of text that must be there, as often as said: Playwright is pinned, and its next version may look otherwise. */
function replaced(text, old, by, times) {
  const parts = text.split(old);
  if (parts.length !== times + 1)
    throw new Error(`playwright-core has changed: expected ${times} of ${JSON.stringify(old)}, found ${parts.length - 1}; look at scripts/packaging/build.js.`);
  return parts.join(by);
}

/**
 * Of Playwright the library in this process: its own command line, its servers for agents and its recorder's viewer are left out.
 * What it reads beside itself (the list of its browsers, a codec) stays where it is installed.
 */
const playwrightInProcess = {
  name: 'playwright-in-process',
  setup(builder) {
    builder.onLoad({ filter: /playwright-core[\\/]lib[\\/]coreBundle\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const start = text.indexOf('var init_coreBundle = __esm({');
      if (start < 0) throw new Error('playwright-core has changed: no init_coreBundle; look at scripts/packaging/build.js.');
      const head = replaced(text.slice(0, start), 'module.exports = __toCommonJS(coreBundle_exports);', '', 1);
      // Pictures: the same pixels in a larger file, which takes a third of the time to make (https://chromedevtools.github.io/devtools-protocol/tot/Page/).
      const fast = replaced(head, 'captureBeyondViewport: !fitsViewport }', 'captureBeyondViewport: !fitsViewport, optimizeForSpeed: true }', 1);
      const beside = 'require("node:module").createRequire(require.resolve("playwright/package.json")).resolve("playwright-core/package.json")';
      const installed = `const __dirname = require("node:path").join(require("node:path").dirname(${beside}), "lib");`;
      return { contents: `${installed}\n${fast}\ninit_inprocess();\nmodule.exports = { inprocess: inprocess_exports };\n`, loader: 'js' };
    });
  },
};

const beside = (filter, path) => ({ name: `beside ${path}`, setup: (builder) => builder.onResolve({ filter }, () => ({ path, external: true })) });

/** The licence texts of what was put into the two files, as each asks for. */
function licencesOf(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.split('\\').join('/'));
    if (found) folders.add(join(root, found[1]));
  }
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|thirdpartynotices)/i.test(file));
    return [`${name} ${version} (${license})`, ...texts.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n');
  });
}

async function main() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const elsewhere = Object.keys(dependencies).filter((name) => !bundled.includes(name) && name !== 'playwright');
  const program = { ...common, entryPoints: [join(root, 'cli', 'main.ts')], tsconfig: join(root, 'tsconfig.json') };
  const results = [
    await build({ ...program, outfile: join(out, 'main.js'), external: elsewhere, plugins: [beside(/^playwright$/, './playwright.js')] }),
    await build({ ...program, outfile: join(out, 'help.js'), plugins: [beside(/^\.\/commands\//, './main.js')] }),
    await build({
      ...common,
      entryPoints: [createRequire(require.resolve('playwright/package.json')).resolve('playwright-core')],
      outfile: join(out, 'playwright.js'),
      external: ['playwright/package.json'],
      plugins: [playwrightInProcess],
    }),
  ];
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(root, 'dist', 'licences.txt'), `${licencesOf(inputs).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
  // By which bin/load-compiled.js tells whether what it kept was made of this code.
  for (const file of ['main.js', 'help.js', 'playwright.js'])
    appendFileSync(
      join(out, file),
      `//${createHash('sha256')
        .update(readFileSync(join(out, file)))
        .digest('hex')
        .slice(0, idLength)}`,
    );
}

main().catch((error) => {
  console.error(error);
  process.exit(3);
});
