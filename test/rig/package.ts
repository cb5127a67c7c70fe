// npm run package: writes dist/wan-image-studio.vsix.
import { packageExtension } from './extension.ts';

console.log(await packageExtension());
