// Opens HTML reports as their readers do: on a screen, on a telephone, in the dark, on paper. Nothing may be asked of a
// network or said to the console, nothing may stick out, and axe-core may find nothing serious. The screenshots stay.
//
//   PGPASSAGE_NPM=folder-with-node_modules node report.test.mjs OUT REPORT.html...
//
// Exits 77 with the reason when Chromium or the packages are missing: ctest calls that skipped.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const chromiumPath = process.env.PGPASSAGE_CHROMIUM ?? '/usr/bin/chromium';
const [out, ...reports] = process.argv.slice(2);

const skip = (reason) => {
  console.log(`skipped: ${reason}`);
  process.exit(77);
};

const load = () => {
  const require = createRequire(path.resolve(process.env.PGPASSAGE_NPM ?? '.', 'package.json'));
  try {
    return { chromium: require('playwright-core').chromium, axe: require.resolve('axe-core/axe.min.js') };
  } catch {
    return skip('playwright-core and axe-core are not installed; ./dev test installs them');
  }
};

if (!fs.existsSync(chromiumPath)) skip(`no Chromium at ${chromiumPath}; apt-get install chromium`);
const { chromium, axe } = load();

const views = [
  { name: '1280', width: 1280, colorScheme: 'light' },
  { name: '390', width: 390, colorScheme: 'light' },
  { name: '1280-dark', width: 1280, colorScheme: 'dark' },
  { name: 'print', width: 718, colorScheme: 'light', print: true }, // A4 less the margins, at 96 dots an inch
];

const serious = (violation) => violation.impact === 'serious' || violation.impact === 'critical';

// What is wrong with one report in one view.
const problemsIn = async (browser, file, view) => {
  const problems = [];
  const context = await browser.newContext({
    viewport: { width: view.width, height: 900 },
    colorScheme: view.colorScheme,
    bypassCSP: true, // for axe alone: the report's own policy lets no script run
  });
  context.setDefaultTimeout(0); // a busy machine is no fault of the report
  const page = await context.newPage();
  page.on('console', (message) => problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error}`));
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) problems.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  if (view.print) await page.emulateMedia({ media: 'print' });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) problems.push(`sticks out by ${wide} pixels`);
  const shot = path.join(out, `${path.basename(file, '.html')}-${view.name}.png`);
  await page.screenshot({ path: shot, fullPage: true });
  if (view.print) await page.pdf({ path: shot.replace('.png', '.pdf'), format: 'A4', preferCSSPageSize: true });
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const violation of violations.filter(serious))
    problems.push(`axe: ${violation.id}, ${violation.help}: ${violation.nodes[0].html.slice(0, 200)}`);
  await context.close();
  return problems;
};

fs.mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
let failed = reports.length === 0;
for (const report of reports)
  for (const view of views) {
    const problems = await problemsIn(browser, path.resolve(report), view);
    console.log(`${path.basename(report)} ${view.name}: ${problems.length === 0 ? 'good' : problems.join('\n  ')}`);
    failed ||= problems.length > 0;
  }
await browser.close();
process.exit(failed ? 1 : 0);
