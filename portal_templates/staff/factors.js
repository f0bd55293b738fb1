// Adding a passkey or an authenticator app: shared by the first setting-up and by the page of one's devices.
import {$, clone, focusOn, word} from '../shell/dom.js';
import {complain, onSubmit} from '../shell/form.js';
import {makePasskey} from './webauthn.js';

// A square picture from rows of 0 and 1, with the quiet edge that cameras want.
const drawn = rows => {
  const picture = clone('qr-picture');
  const dark = rows.flatMap((row, y) => [...row].flatMap((bit, x) => (bit === '1' ? [`M${x + 4} ${y + 4}h1v1h-1z`] : [])));
  picture.setAttribute('viewBox', `0 0 ${rows.length + 8} ${rows.length + 8}`);
  $('path', picture).setAttribute('d', dark.join(''));
  return picture;
};

const deviceName = () => navigator.userAgentData?.platform || word('this-device');

// `send` is how the page asks; the answer is what the person has now.
export const addPasskey = async (send, label = '') => {
  const {publicKey} = await send('passkeys/start', {send: {}});
  const credential = await makePasskey(publicKey);
  return send('passkeys/finish', {send: {credential, label: label || deviceName()}});
};

export const startTotp = async send => {
  const {secret, qr} = await send('totp/start', {send: {}});
  $('#qr').replaceChildren(drawn(qr));
  $('#secret').textContent = secret.match(/.{1,4}/g).join(' ');
  $('#totp').value = '';
  focusOn($('#totp'));
};

// `done(factors)` follows the right code.
export const prepareTotp = (send, done) => onSubmit($('#totp-form'), async answers => {
  try {
    await done(await send('totp/finish', {send: {code: answers.get('totp').replace(/\D/g, '')}}));
  } catch (problem) {
    if (problem.type !== 'wrong-code') throw problem;
    complain($('#totp-form'), [{field: 'totp', detail: word('wrong-totp')}]);
  }
});
