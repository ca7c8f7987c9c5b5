// What fetch makes of a server: prints what it saw as JSON. The argument is the server's address.
import { createHash } from 'node:crypto';

const base = process.argv[2];
const told = {};

async function tell(name, path, init) {
  const response = await fetch(base + path, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  told[name] = {
    status: response.status,
    url: response.url.slice(base.length),
    redirected: response.redirected,
    bytes: bytes.length,
    digest: createHash('sha256').update(bytes).digest('hex'),
  };
  for (const field of ['content-type', 'etag', 'last-modified', 'cache-control', 'content-range',
    'content-length', 'content-encoding', 'vary', 'location', 'x-own']) {
    told[name][field] = response.headers.get(field);
  }
}

await tell('first', '/large.js');
await tell('cached', '/large.js');
const tag = told.first.etag;
await tell('known', '/large.js', { headers: { 'if-none-match': tag } });
await tell('known since', '/large.js', { headers: { 'if-modified-since': told.first['last-modified'] } });
await tell('unknown', '/large.js', { headers: { 'if-none-match': '"other"' } });
await tell('range', '/large.js', { headers: { range: 'bytes=100-199', 'accept-encoding': 'identity' } });
await tell('end', '/large.js', { headers: { range: 'bytes=-5', 'accept-encoding': 'identity' } });
await tell('no range', '/large.js', { headers: { range: 'bytes=99999999-', 'accept-encoding': 'identity' } });
await tell('head', '/large.js', { method: 'HEAD' });
await tell('not there', '/nothing');
await tell('moved', '/moved');
await tell('moved, by hand', '/moved', { redirect: 'manual' });
await tell('packed', '/packed.js');
await tell('asked anew', '/large.js', { cache: 'no-store' });
await tell('checked', '/large.js', { cache: 'no-cache' });
await tell('posted', '/echo', { method: 'POST', body: 'x'.repeat(100_000) });

// Left in the middle, then asked for again.
const controller = new AbortController();
const left = await fetch(base + '/large.js', { signal: controller.signal });
const reader = left.body.getReader();
const first = await reader.read();
controller.abort();
told.left = { some: first.value.length > 0 && first.value.length < told.first.bytes };
try {
  while (!(await reader.read()).done);
  told.left.ended = 'whole';
} catch (error) {
  told.left.ended = error.name;
}
await tell('again', '/large.js');

const all = await Promise.all(Array.from({ length: 50 }, async (none, i) => {
  const response = await fetch(base + (i % 2 ? '/large.js' : `/small.js?n=${i % 5}`));
  const bytes = Buffer.from(await response.arrayBuffer());
  return `${response.status} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
}));
told.concurrent = all;
console.log(JSON.stringify(told));
