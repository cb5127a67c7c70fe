// A thread of a campaign: runs the part that it is started with and answers with its tally.
import { parentPort, workerData } from 'node:worker_threads';
import { type Part, runPart } from './campaign.ts';

parentPort!.postMessage(await runPart(workerData as Part), []);
