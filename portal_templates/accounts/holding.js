// Where a page is on a tablet of the clinic it is held there (tablet.js comes only then).
import {ask} from '../shell/api.js';

const hold = kiosk => kiosk && import('./tablet.js').then(tablet => tablet.hold(kiosk));

// `raw`: shell/idle.js looks after the session.
const look = async () => {
  try {
    await hold(JSON.parse(await (await ask('session', {raw: true})).text()).kiosk);
  } catch {
    setTimeout(look, 5000);
  }
};

// A tablet is told by its session, in whatever tab; the mark of this tab only tells it sooner.
export const watch = () => {
  hold(sessionStorage.getItem('on-tablet'));
  look();
  document.addEventListener('signed-out', look);
};
