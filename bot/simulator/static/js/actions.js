// What a tap does, as LINE carries out each kind of action.

import { toast } from "./sheets.js";

const PERFORM = {
  message: (phone, action) => phone.say(action.text),
  postback: (phone, action) => {
    if (action.inputOption === "openKeyboard") phone.fill(action.fillInText ?? "");
    if (action.inputOption === "openRichMenu") phone.setMenu(true);
    if (action.inputOption === "closeRichMenu") phone.setMenu(false);
    return phone.do({ kind: "postback", data: action.data, said: action.displayText ?? action.text });
  },
  uri: openAddress,
  datetimepicker: (phone, action) => phone.pickDate(action),
  location: (phone) => phone.pickPlace(),
  camera: (phone) => phone.do({ kind: "image" }),
  cameraRoll: (phone) => phone.do({ kind: "image" }),
  clipboard: async (phone, action) => {
    await navigator.clipboard.writeText(action.clipboardText);
    toast(phone, "คัดลอกแล้ว");
  },
  richmenuswitch: (phone, action) => phone.do({ kind: "richmenuswitch", alias: action.richMenuAliasId, data: action.data }),
};

export function perform(phone, action) {
  return PERFORM[action.type]?.(phone, action);
}

// A LIFF address opens the bot's own page below /liff/, with the token of LINE Login in the fragment.
const LIFF = /^https:\/\/liff\.line\.me\/[^/?#]+\/?([^#]*)/;

async function openAddress(phone, action) {
  const liff = action.uri.match(LIFF);
  if (action.uri.startsWith("tel:")) toast(phone, `กำลังโทร ${action.uri.slice(4)} (จำลอง)`);
  else if (action.uri.startsWith("line:")) toast(phone, `เปิดใน LINE: ${action.uri}`);
  else if (liff) {
    const { token } = await phone.do({ kind: "idToken" });
    open(`/liff/${liff[1]}#id_token=${token}`, "_blank", "noopener");
  } else open(phone.store.reach(action.uri), "_blank", "noopener");
}
