// Passkeys: the browser speaks in buffers, the clinic in base64url.
import {Refused} from '../shell/api.js';

const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const listed = keys => (keys ?? []).map(key => ({...key, id: bytes(key.id)}));

const read = options => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && {user: {...options.user, id: bytes(options.user.id)}}),
  ...(options.allowCredentials && {allowCredentials: listed(options.allowCredentials)}),
  ...(options.excludeCredentials && {excludeCredentials: listed(options.excludeCredentials)}),
});

const RESPONSE = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];

// What the browser made, for the clinic to read; browsers that can say it themselves do.
const told = made => made.toJSON?.() ?? {
  id: made.id,
  rawId: text(made.rawId),
  type: made.type,
  authenticatorAttachment: made.authenticatorAttachment ?? undefined,
  clientExtensionResults: made.getClientExtensionResults(),
  response: {
    ...Object.fromEntries(RESPONSE.filter(part => made.response[part]).map(part => [part, text(made.response[part])])),
    ...(made.response.getTransports && {transports: made.response.getTransports()}),
  },
};

const asked = async work => {
  try {
    return told(await work());
  } catch (fault) {
    throw new Refused({type: fault.name === 'InvalidStateError' ? 'passkey-known' : 'no-passkey'});
  }
};

export const able = () => Boolean(window.PublicKeyCredential);

// Both take the options that the clinic sent, and give the credential as it wants it; Refused when the person did not.
export const makePasskey = publicKey =>
  asked(() => navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON?.(publicKey) ?? read(publicKey)}));
export const usePasskey = publicKey =>
  asked(() => navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON?.(publicKey) ?? read(publicKey)}));
