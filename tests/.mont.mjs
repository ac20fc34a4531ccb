import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';
const [out, ...files] = process.argv.slice(2);
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const p = await b.newPage({ viewport: { width: files.length * 262, height: 1100 } });
await p.setContent('<body style="margin:0;display:flex;gap:6px;align-items:flex-start;background:#888">' + files.map((f) => `<img width=256 src="data:image/png;base64,${readFileSync(f).toString('base64')}">`).join(''));
await p.screenshot({ path: out });
await b.close();
