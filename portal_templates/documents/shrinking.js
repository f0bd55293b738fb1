// Photographs made smaller on the phone, before anything is sent: what is kept is enough to read a card by.

const LONGEST = 2200;     // pixels of the longest side
const SMALL = 600_000;    // bytes below which a photograph of that size stays as it is
const QUALITY = 0.82;     // of JPEG
const TAKEN = ['image/jpeg', 'image/png', 'image/webp'];

const drawn = (picture, scale) => {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext('2d', {alpha: false});
  brush.fillStyle = 'white';  // what is see-through would be black
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(done, 'image/jpeg', QUALITY));
};

// The bytes to send. A PDF, a photograph that is small, and one that this browser cannot read (HEIC) stay as they are.
export const shrink = async file => {
  if (!file.type.startsWith('image/')) return file;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const taken = TAKEN.includes(file.type);
  try {
    if (taken && scale === 1 && file.size <= SMALL) return file;
    const smaller = await drawn(picture, scale);
    return smaller && (smaller.size < file.size || !taken) ? smaller : file;
  } finally {
    picture.close();
  }
};
