// Fetches and unpacks what the server sends: a head in JSON and byte arrays (dashboard/map_wire.py).

export const ABSENT = 255;
export const MISSING = -32768;
export const NOWHERE = 4294967295;

const FILTER_KEYS = ["from", "to", "as_of", "known_at", "area", "system", "agency", "category", "premises", "cycle", "by"];

export const counts = { tiles: 0, data: 0, bytes: 0 };

/** The part of a page's query that changes an answer, in a fixed order. */
export function filtersOf(search) {
  const query = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const key of FILTER_KEYS) if (query.get(key)) kept.set(key, query.get(key));
  return kept;
}

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** One answer: `{ etag, body }`; raises Refused with the server's sentence. */
export async function get(url, signal) {
  counts.data += 1;
  const response = await fetch(url, { signal, credentials: "same-origin" });
  if (!response.ok) {
    let sentence = response.statusText;
    try { sentence = (await response.json()).error || sentence; } catch { /* an answer without a sentence */ }
    throw new Refused(response.status, sentence);
  }
  const body = await response.arrayBuffer();
  counts.bytes += body.byteLength;
  return { etag: response.headers.get("ETag"), body };
}

export async function getJson(url, signal) {
  const { etag, body } = await get(url, signal);
  return { etag, json: JSON.parse(new TextDecoder().decode(body)) };
}

/** The head and the arrays of a message. */
export function unpack(body) {
  const length = new DataView(body).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length)));
  const arrays = {};
  let at = 4 + length;
  for (const [name, type, count] of head.arrays) {
    const width = { u8: 1, i16: 2, u32: 4 }[type];
    const planes = new Uint8Array(body, at, count * width);
    arrays[name] = width === 1 ? planes : joined(planes, count, width, type);
    at += count * width;
  }
  return { head, arrays };
}

function joined(planes, count, width, type) {
  const numbers = type === "i16" ? new Int16Array(count) : new Uint32Array(count);
  const bytes = new Uint8Array(numbers.buffer);
  for (let plane = 0; plane < width; plane += 1) {
    const start = plane * count;
    for (let at = 0, to = plane; at < count; at += 1, to += width) bytes[to] = planes[start + at];
  }
  return numbers;
}
