/** The id of the button that shows an image on the stage. */
export const openId = (inputId: string): string => `input-${inputId}`;

/** Where the address of a picture that is not in the form yet is written. */
export const newPicture = 'new';

/** How the ids begin that the panel makes for pictures it knows by their address alone. The host's own are hexadecimal digits. */
export const ownIdStart = 'address-';

/** The id of the button that begins to write an address. */
export const addressButton = (place: string): string => `write-address-${place}`;

/** An address in few words: without its scheme and its query, and with the middle of a long one left out. */
export function shortAddress(url: string): string {
  const plain = url.replace(/^https?:\/\//i, '').replace(/[?#].*$/, '');
  return plain.length > 60 ? `${plain.slice(0, 30)}…${plain.slice(-28)}` : plain;
}
