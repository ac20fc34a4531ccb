// Plots as SVG, made by hand: nothing to install, and a reader without colours sees the figures written on them.
const WIDTH = 640, HEIGHT = 320, LEFT = 70, RIGHT = 20, TOP = 40, BOTTOM = 60;
const INKS = ['#1f5fa8', '#b5531c', '#3c7d3c', '#7a4a8c', '#8a8a1f', '#555555', '#2a8a8a'];
const escape = (text) => String(text).replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
const text = (x, y, words, more = '') => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escape(words)}</text>`;

function niceTop(most) {
  const step = 10 ** Math.floor(Math.log10(most || 1));
  return [1, 2, 2.5, 5, 10].map((times) => times * step).find((top) => top >= most);
}

function frame(title, unit, top, inside) {
  const lines = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const y = HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="#ccc"/>${text(LEFT - 6, y + 4, Number((part * top).toPrecision(3)), 'text-anchor="end"')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">
<title>${escape(title)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text(LEFT, 18, title, 'font-size="14" font-weight="bold"')}${text(LEFT, 33, unit, 'fill="#444"')}
${lines.join('\n')}
${inside.join('\n')}
</svg>
`;
}

const yOf = (value, top) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);

/** One bar for each of [[name, value], ...]. */
export function bars(title, unit, rows) {
  const top = niceTop(Math.max(...rows.map(([, value]) => value)) * 1.05);
  const room = (WIDTH - LEFT - RIGHT) / rows.length;
  return frame(title, unit, top, rows.map(([name, value], i) => {
    const x = LEFT + i * room + room * 0.2, y = yOf(value, top);
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(room * 0.6).toFixed(1)}" height="${(HEIGHT - BOTTOM - y).toFixed(1)}" fill="${INKS[0]}"/>${text(x + room * 0.3, y - 5, value, 'text-anchor="middle"')}${text(x + room * 0.3, HEIGHT - BOTTOM + 18, name, 'text-anchor="middle"')}`;
  }));
}

/** One pile for each of [[name, [[part, value], ...]], ...]; parts of one name have one colour. */
export function piles(title, unit, rows) {
  const sum = (parts) => parts.reduce((all, [, value]) => all + value, 0);
  const top = niceTop(Math.max(...rows.map(([, parts]) => sum(parts))) * 1.05);
  const names = [...new Set(rows.flatMap(([, parts]) => parts.map(([name]) => name)))];
  const room = (WIDTH - LEFT - RIGHT - 150) / rows.length;
  const inside = rows.map(([name, parts], i) => {
    const x = LEFT + i * room + room * 0.2;
    let below = 0;
    const blocks = parts.map(([part, value]) => {
      const y = yOf(below + value, top), height = yOf(below, top) - y;
      below += value;
      return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(room * 0.6).toFixed(1)}" height="${height.toFixed(1)}" fill="${INKS[names.indexOf(part) % INKS.length]}" stroke="#fff"/>`;
    });
    return `${blocks.join('')}${text(x + room * 0.3, yOf(below, top) - 5, Math.round(below), 'text-anchor="middle"')}${text(x + room * 0.3, HEIGHT - BOTTOM + 18, name, 'text-anchor="middle"')}`;
  });
  const legend = names.map((name, i) => {
    const value = rows.flatMap(([, parts]) => parts).find(([part]) => part === name)[1];
    const y = TOP + 10 + i * 20;
    return `<rect x="${WIDTH - 160}" y="${y - 10}" width="12" height="12" fill="${INKS[i % INKS.length]}"/>${text(WIDTH - 142, y, `${name} ${Math.round(value)}`)}`;
  });
  return frame(title, unit, top, [...inside, ...legend]);
}

/** A line for each of [[name, [[x, value], ...]], ...] over a logarithmic x; `wanted` draws what must not be passed. */
export function lines(title, unit, series, wanted = null) {
  const points = series.flatMap(([, list]) => list);
  const top = niceTop(Math.max(wanted ?? 0, ...points.map(([, value]) => value)) * 1.05);
  const logs = points.map(([x]) => Math.log10(x)), from = Math.min(...logs), to = Math.max(...logs);
  const xOf = (x) => LEFT + 20 + ((Math.log10(x) - from) / (to - from || 1)) * (WIDTH - LEFT - RIGHT - 220);
  const inside = series.map(([name, list], i) => {
    const ink = INKS[i % INKS.length], path = list.map(([x, value]) => `${xOf(x).toFixed(1)},${yOf(value, top).toFixed(1)}`);
    const dots = list.map(([x, value]) => `<circle cx="${xOf(x).toFixed(1)}" cy="${yOf(value, top).toFixed(1)}" r="3.500" fill="${ink}"/>`);
    const last = list.at(-1)[1], y = TOP + 10 + i * 20;
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${ink}" stroke-width="2"/>${dots.join('')}<rect x="${WIDTH - 190}" y="${y - 10}" width="12" height="12" fill="${ink}"/>${text(WIDTH - 172, y, `${name}: ${last}`)}`;
  });
  const marks = [...new Set(points.map(([x]) => x))].map((x) => text(xOf(x), HEIGHT - BOTTOM + 18, x.toLocaleString('en'), 'text-anchor="middle"'));
  const limit = wanted === null ? '' : `<line x1="${LEFT}" x2="${WIDTH - 200}" y1="${yOf(wanted, top).toFixed(1)}" y2="${yOf(wanted, top).toFixed(1)}" stroke="#b00" stroke-dasharray="6 4"/>${text(LEFT + 4, yOf(wanted, top) - 4, `wanted: under ${wanted}`, 'fill="#b00"')}`;
  return frame(title, unit, top, [...inside, ...marks, limit, text((LEFT + WIDTH - 200) / 2, HEIGHT - 12, 'open cases', 'text-anchor="middle" fill="#444"')]);
}
