import { drawPicture } from '../../src/simulator/pictures.ts';
import { validate } from '../../src/simulator/validator.ts';
import type { SimulatorControl } from './simulatorControl.ts';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly seed?: number;
  readonly body?: unknown;
}

/** The bodies of the generation requests that the simulator has accepted since its last reset. */
export async function acceptedBodies(simulator: SimulatorControl): Promise<Record<string, unknown>[]> {
  const received = await requests(simulator);
  return received.filter(isAcceptedGeneration).map(({ body }) => body as Record<string, unknown>);
}

/** What the simulator drew for its only accepted request: the very bytes of a picture of it. */
export async function drawnPicture(simulator: SimulatorControl, index = 0): Promise<Buffer> {
  const accepted = (await requests(simulator)).filter(isAcceptedGeneration);
  if (accepted.length !== 1) throw new Error(`The simulator accepted ${accepted.length} requests instead of one.`);
  const verdict = validate(accepted[0]?.body, {});
  if (!verdict.ok) throw new Error(`The simulator accepted a body that its validator refuses: ${verdict.message}`);
  const seed = accepted[0]?.seed;
  return (await drawPicture(seed === undefined ? verdict.job : { ...verdict.job, seed }, index)).png;
}

async function requests(simulator: SimulatorControl): Promise<Received[]> {
  const response = await fetch(`${simulator.url}/__sim/requests`);
  const answer = (await response.json()) as Received[] | { requests: Received[] };
  return Array.isArray(answer) ? answer : answer.requests;
}

const isAcceptedGeneration = ({ method, path, status }: Received): boolean =>
  method === 'POST' && path.startsWith('/v1/images/generations') && status >= 200 && status < 300;
