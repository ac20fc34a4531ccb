// What lies in the memory of a running process, as its root sees it: all that it may write, searched for planted texts in
// the forms in which they may lie there, also in part.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK = 8 << 20;
const OVERLAP = 4096;

/** The writable regions of a process; what cannot be read (the kernel's own pages) is left out. */
function* regionsOf(pid) {
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const found = line.match(/^([0-9a-f]+)-([0-9a-f]+) (....) \S+ \S+ \S+ *(.*)$/);
    if (found && found[3][1] === 'w') yield { from: parseInt(found[1], 16), to: parseInt(found[2], 16), name: found[4] };
  }
}

/** Calls `look(bytes, name)` with all writable memory of `pid`, piece by piece, the pieces overlapping. */
export function readMemory(pid, look) {
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  let total = 0;
  try {
    for (const { from, to, name } of regionsOf(pid)) {
      for (let at = from; at < to; at += CHUNK) {
        const piece = Buffer.alloc(Math.min(CHUNK + OVERLAP, to - at));
        let got = 0;
        try {
          while (got < piece.length) {
            const more = readSync(fd, piece, got, piece.length - got, at + got);
            if (more <= 0) break;
            got += more;
          }
        } catch (cause) {
          if (cause.code !== 'EIO' && cause.code !== 'EFAULT') throw cause;
        }
        total += got;
        look(piece.subarray(0, got), name || 'anonymous');
      }
    }
  } finally {
    closeSync(fd);
  }
  return total;
}

const percent = (bytes) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const escaped = (text) => [...text].map((c) => (c.charCodeAt(0) < 128 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)).join('');

/** How a text may lie in memory: as it is, for the web, for JSON, UTF-16 both ways, hex, base64 at each of its three cuts. */
function formsOf(text) {
  const bytes = Buffer.from(text, 'utf8');
  const wide = Buffer.from(text, 'utf16le');
  const forms = new Map();
  const add = (name, form) => forms.set(Buffer.from(form).toString('latin1'), name);
  add('utf-8', bytes);
  for (const [name, form] of [['percent', percent(bytes)], ['percent', percent(bytes).toUpperCase()], ['json', escaped(text)], ['json', escaped(text).toUpperCase().replaceAll('\\U', '\\u')], ['hex', bytes.toString('hex')], ['hex', `${wide.swap16().toString('hex')}`]]) add(name, form);
  add('utf-16', Buffer.from(text, 'utf16le'));
  add('utf-16', Buffer.from(text, 'utf16le').swap16());
  for (let cut = 0; cut < 3; cut++) {
    const length = Math.floor((bytes.length - cut) / 3) * 3;
    if (length >= 9) add('base64', bytes.subarray(cut, cut + length).toString('base64'));
  }
  return forms;
}

/** Every place where one of `texts` lies: [{text, form, region, count, around}]. Short ones: a piece of what was written,
 *  repeated in it, finds what is left of it. */
export function findTexts(pid, texts) {
  const wanted = texts.flatMap((text) => [...formsOf(text)].map(([form, name]) => ({ text, name, form: Buffer.from(form, 'latin1') })));
  const found = new Map();
  const total = readMemory(pid, (bytes, region) => {
    for (const { text, name, form } of wanted)
      for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, at + form.length)) {
        const key = `${text}|${name}|${region}`;
        const around = bytes.subarray(Math.max(0, at - 60), at + 100).toString('latin1').replace(/[^ -~]/g, '.');
        if (!found.has(key)) found.set(key, { text, form: name, region, count: 0, around });
        found.get(key).count++;
      }
  });
  return { total, found: [...found.values()] };
}

/** What is left of a text in pieces of `size` bytes, as a register or a word on the stack would keep it. */
export function findPieces(pid, texts, size = 8) {
  const pieces = texts.flatMap((text) => {
    const bytes = Buffer.from(text, 'utf8');
    return Array.from({ length: bytes.length - size + 1 }, (_, i) => bytes.subarray(i, i + size));
  });
  const found = [];
  readMemory(pid, (bytes, region) => {
    for (const piece of pieces) {
      const at = bytes.indexOf(piece);
      if (at >= 0) found.push({ piece: piece.toString('latin1'), region, around: bytes.subarray(Math.max(0, at - 30), at + 30).toString('latin1').replace(/[^ -~]/g, '.') });
    }
  });
  return found;
}

/** Which of these numbers (digits only, at least `piece` of them) lie there whole or in part, written in one or in groups of
 *  four as on the receipt's page. */
export function findDigits(pid, numbers, piece = 12) {
  const windows = new Set(numbers.flatMap((digits) => Array.from({ length: digits.length - piece + 1 }, (_, i) => digits.slice(i, i + piece))));
  const found = [];
  readMemory(pid, (bytes, region) => {
    for (const [run] of bytes.toString('latin1').matchAll(/\d(?:\d|(?:[ +]|%20|<\/?\w+>){1,6}(?=\d)){7,}/g)) {
      const digits = run.replace(/%20|\D/g, '');
      for (let i = 0; i + piece <= digits.length; i++)
        if (windows.has(digits.slice(i, i + piece))) {
          found.push({ digits: run.slice(0, 60), region });
          break;
        }
    }
  });
  return found;
}

/** 1 for an executable built with a sanitizer: freed memory is kept aside there, unwiped, to catch who uses it again. */
export const isSanitized = (path) => readFileSync(path).includes('__asan_init');
