// Debian's Chromium, driven by playwright-core. A phone is 320 px wide; scripts are off unless asked for. Where the package
// chromium-headless-shell is there it is taken: the same engine without the windows around it, and a page costs a third. RECOURSE_CHROMIUM
// names another.
import { chromium } from 'playwright-core';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './installation.mjs';

const executablePath = process.env.RECOURSE_CHROMIUM ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
  });
  return {
    browser,
    /** A page in a visit of its own (no cookies, no cache of others). `forced`: in the reader's own colours; `text`: letters of that size ("200%"; needs scripts). */
    async visit({ locale = 'en', width = 320, height = 640, scripts = false, scheme = 'light', forced = false, text } = {}) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: scripts, locale, viewport: { width, height }, colorScheme: scheme, forcedColors: forced ? 'active' : 'none' });
      if (text) await context.addInitScript((size) => addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', size)), text);
      context.on('page', readsWhole);
      return context.newPage();
    },
    stop: () => browser.close(),
  };
}

/** A click or a key that leads elsewhere ends when the page there has been read whole. Playwright's own ends at its first byte: what is asked without waiting (isVisible, count) would see half of it. */
function readsWhole(page) {
  const frame = page.mainFrame();
  for (const act of ['click', 'press']) {
    const done = frame[act].bind(frame);
    frame[act] = async (...how) => {
      await done(...how);
      if (!page.isClosed()) await frame.waitForLoadState('domcontentloaded');
    };
  }
}

/** A picture of the whole page, or of its first `tall` pixels, into docs/pictures, when RECOURSE_PICTURES is set. A page has few colours. */
export async function picture(page, name, { tall } = {}) {
  if (!process.env.RECOURSE_PICTURES) return;
  const folder = join(root, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
  await page.evaluate(() => window.scrollTo(0, 0));
  const taken = await page.screenshot({ fullPage: true, ...(tall && height > tall ? { clip: { x: 0, y: 0, width, height: tall } } : {}) });
  const few = '[0:v]split[a][b];[a]palettegen=max_colors=32:reserve_transparent=0[p];[b][p]paletteuse=dither=none';
  execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', '-f', 'png_pipe', '-i', '-', '-filter_complex', few, join(folder, `${name}.png`)], { input: taken });
}

/** What reaches over the edge of the page, innermost first: its beginning as HTML. Empty when nothing makes the page scroll sideways. */
export const sticksOut = (page) =>
  page.evaluate(() => {
    const html = document.documentElement;
    if (html.scrollWidth <= html.clientWidth) return [];
    const over = [...document.querySelectorAll('body *:not(.skip)')].filter((one) => ((box) => box.width && (box.right > html.clientWidth + 1 || box.left < -1))(one.getBoundingClientRect()));
    return over.filter((one) => !over.some((other) => other !== one && one.contains(other))).map((one) => `sticks out: ${one.outerHTML.slice(0, 100)}`);
  });

/** True when nothing sticks out sideways. */
export const fits = async (page) => page.locator('html').evaluate((html) => html.scrollWidth <= html.clientWidth);
