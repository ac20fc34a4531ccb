// The public pages, and how a person gets to each: one row a page. A new page is a new row; flow 33 then looks at it in every language
// and in every mode.
//
//   for (const { name, open } of PUBLIC_PAGES) await open(page, house, world, name);
//
// `page` belongs to a visit that may have seen the row before. `world` has `decided` and `offered`, receipts of cases that got so far
// (furnished.mjs). Rows follow each other as a visit does: what one leaves on the screen the next may go on from, but must not need to.

async function form(page, house, danger) {
  await page.goto(`${house.urls.intake}/report`);
  if (danger) await page.check(`input[name=danger_now][value=${danger}]`);
  await page.click('#next');
  await page.waitForSelector('#text');
}

async function checked(page, house) {
  await form(page, house);
  await page.fill('#text', '…');
  await page.click('#check');
  await page.waitForSelector('#send');
}

const step = (name) => ({
  name: `step ${name}`,
  async open(page, house) {
    await checked(page, house);
    await page.click(`button[name=go][value=${name}]`);
    await page.waitForSelector('#next');
  },
});

async function stored(page, house) {
  await checked(page, house);
  await page.click('#send');
  await page.waitForSelector('#written');
}

async function look(page, house, receipt, sees) {
  await page.goto(`${house.urls.intake}/receipt`);
  await page.fill('#receipt', receipt);
  await page.click('#look');
  await page.waitForSelector(sees);
}

const at = (path) => (page, house) => page.goto(house.urls.intake + path);

export const PUBLIC_PAGES = [
  { name: 'home', open: at('/') },
  { name: 'danger', open: at('/report') },
  { name: 'form', open: (page, house) => form(page, house, 'no') },
  { name: 'form in danger', open: (page, house) => form(page, house, 'yes') },
  {
    name: 'form with an error',
    async open(page, house) {
      await form(page, house, 'no');
      await page.click('#next');
      await page.waitForSelector('#errors');
    },
  },
  step('groups'),
  step('files'),
  step('contact'),
  { name: 'check', open: checked },
  { name: 'safety', open: at('/safety') },
  { name: 'about', open: at('/about') },
  { name: 'stored', open: stored },
  {
    name: 'written down',
    async open(page, house) {
      await stored(page, house);
      await page.click('#written');
      await page.waitForSelector('h1:not([id])');
    },
  },
  { name: 'receipt', open: at('/receipt') },
  { name: 'receipt with an error', open: (page, house) => look(page, house, '1', '#errors') },
  { name: 'decision', open: (page, house, world) => look(page, house, world.decided, '#review') },
  { name: 'offer', open: (page, house, world) => look(page, house, world.offered, '#accept') },
  {
    name: 'message added',
    async open(page, house, world) {
      await look(page, house, world.offered, '#add');
      await page.fill('#text', '…');
      await page.click('#add');
      await page.waitForSelector('#back');
    },
  },
  {
    name: 'message with an error',
    async open(page, house, world) {
      await look(page, house, world.offered, '#add');
      await page.click('#add');
      await page.waitForSelector('#errors');
    },
  },
  {
    name: 'closed',
    async open(page, house, world) {
      await look(page, house, world.decided, '#leave');
      await page.click('#leave');
      await page.waitForSelector('main:not(:has(#leave))');
    },
  },
  { name: 'no such page', open: at('/nothing-here') },
];
