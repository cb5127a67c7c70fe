import sharp from 'sharp';
import { join } from 'node:path';
const fields=im=>{const f=im.getFields();const o=[];for(let i=0;i<f.size();i++)o.push(f.get(i));return o.join(" ")};
const folder='/work/main/node_modules/wasm-vips/lib';
const t0=performance.now();
async function start(libs){ const m=await import(join(folder,'vips-node.mjs')); return m.default({dynamicLibraries:libs,locateFile:n=>join(folder,n)}); }
const v1=await start([]); console.log('base',performance.now()-t0, process.memoryUsage().rss/1e6);
let t=performance.now(); const v2=await start(['vips-heif.wasm','vips-resvg.wasm']); console.log('both',performance.now()-t, process.memoryUsage().rss/1e6);
const raw=await sharp({create:{width:1000,height:800,channels:3,background:'#a40',noise:{type:'gaussian',mean:128,sigma:30}}}).png().toBuffer();
const avif=await sharp(raw).avif({quality:60}).toBuffer();
t=performance.now(); let im=v2.Image.newFromBuffer(avif,'',{access:'sequential'}); console.log(im.width,im.height,im.bands,im.interpretation,im.format,performance.now()-t); console.log(fields(im));
t=performance.now(); const mem=im.writeToMemory(); console.log('avif decode',mem.length,performance.now()-t);
const im2=v2.Image.newFromBuffer(raw);
for(const effort of [0,2,4]){ t=performance.now(); const o=im2.heifsaveBuffer({Q:60,compression:'av1',effort}); console.log('avif enc',effort,o.length,performance.now()-t);}
const svg=Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="20" height="10" fill="red"/><text x="5" y="25" font-size="12">Hello</text></svg>');
im=v2.Image.newFromBuffer(svg); console.log(im.width,im.height,im.bands,im.interpretation, fields(im));
await sharp(Buffer.from(im.writeToBuffer('.png'))).resize(400,300,{kernel:'nearest'}).toFile('/tmp/px/svg.png');
const tiff=await sharp(raw).withMetadata({orientation:6}).tiff({compression:'lzw'}).toBuffer();
im=v1.Image.newFromBuffer(tiff); console.log(im.width,im.height,fields(im)); try{console.log(im.getString?.('compression'), im.getInt('orientation'))}catch(e){console.log(e.message)}
console.log(Object.keys(v1).filter(k=>/FS|Pthread|PThread|HEAP|wasmMemory|shutdown/i.test(k)).join(' '));
console.log(typeof v1.FS, v1.FS && Object.keys(v1.FS).length);
t=performance.now(); v1.shutdown(); console.log('shutdown',performance.now()-t);
try { v1.Image.newFromBuffer(tiff); console.log('still works after shutdown') } catch(e) {console.log('after shutdown', String(e).slice(0,100))}
setTimeout(()=>{console.log('exit');process.exit()},500);
