// A ZIP of files as they are (stored): pictures and PDFs are packed already. PKWARE's APPNOTE 6.3, without ZIP64: a visit has 20 files.
const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50;
const VERSION = 20, UTF8 = 0x0800;

const TABLE = Uint32Array.from({length: 256}, (_, byte) => {
  let left = byte;
  for (let bit = 0; bit < 8; bit++) left = left & 1 ? (left >>> 1) ^ 0xedb88320 : left >>> 1;
  return left;
});
const crc = bytes => {
  let left = 0xffffffff;
  for (const byte of bytes) left = TABLE[(left ^ byte) & 0xff] ^ (left >>> 8);
  return (left ^ 0xffffffff) >>> 0;
};

// Numbers one after the other, each of so many bytes, the lowest byte first: `packed([4, LOCAL], [2, VERSION])`.
const packed = (...fields) => Uint8Array.from(fields.flatMap(([size, number]) => Array.from({length: size}, (_, place) => (number >>> (8 * place)) & 0xff)));

const momentOf = when => [
  [2, (when.getHours() << 11) | (when.getMinutes() << 5) | (when.getSeconds() >> 1)],
  [2, ((when.getFullYear() - 1980) << 9) | ((when.getMonth() + 1) << 5) | when.getDate()],
];

// Two files of one name: the second is called `name-2.jpg`.
export const named = names => {
  const taken = new Map();
  return names.map(name => {
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return times === 1 ? name : name.replace(/(\.[^.]*)?$/, `-${times}$1`);
  });
};

// [{name, blob}] as one Blob.
export const zipped = async (files, when = new Date()) => {
  const names = named(files.map(({name}) => name)).map(name => new TextEncoder().encode(name));
  const parts = [], index = [];
  let offset = 0;
  for (const [place, {blob}] of files.entries()) {
    const bytes = new Uint8Array(await blob.arrayBuffer()), name = names[place];
    const about = [[2, VERSION], [2, UTF8], [2, 0], ...momentOf(when), [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]];
    const head = packed([4, LOCAL], ...about);
    parts.push(head, name, blob);
    index.push(packed([4, CENTRAL], [2, VERSION], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name);
    offset += head.length + name.length + bytes.length;
  }
  const size = index.reduce((sum, part) => sum + part.length, 0);
  const end = packed([4, END], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]);
  return new Blob([...parts, ...index, end], {type: 'application/zip'});
};
