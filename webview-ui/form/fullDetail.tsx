import type { JSX } from 'preact';
import type { SourceView } from '../../src/core/messages.ts';
import { type DetailOffer, detailOffer } from '../../src/core/fullDetail.ts';
import { type Part, sizeOfPart, type SourceFacts } from '../../src/core/preparation.ts';
import type { ImageRequest, InputImage } from '../../src/core/request.ts';
import { expectedSize } from '../../src/core/size.ts';
import { CheckField } from '../parts/checkField.tsx';
import type { Studio, WithStudio } from '../state.ts';

interface Props extends WithStudio {
  readonly input: InputImage;
  readonly facts: SourceFacts;
}

/** Offers to edit a part of a large picture in all of its pixels, with what that part is; or says why not. */
export function FullDetail({ studio, input, facts }: Props): JSX.Element | null {
  const { text: t, request } = studio;
  const offer = detailOffer(request, input, facts);
  if (!offer) return null;
  if (!offer.possible) return <p class="small hint">{t(reasons[offer.reason])}</p>;
  const { crop } = offer;
  const { width, height } = sizeOfPart(crop);
  const comes = expectedSize(request, { width, height });
  const around = [
    Math.min(...input.boxes.map(({ x1 }) => x1)) - crop.x1,
    Math.min(...input.boxes.map(({ y1 }) => y1)) - crop.y1,
    crop.x2 - Math.max(...input.boxes.map(({ x2 }) => x2)),
    crop.y2 - Math.max(...input.boxes.map(({ y2 }) => y2)),
  ];
  return (
    <CheckField
      studio={studio}
      field={`detail-${input.id}`}
      label={t('detail', width, height)}
      hint={t('detailText', ...around, comes?.width ?? 0, comes?.height ?? 0, facts.width, facts.height)}
      isChecked={input.crop !== undefined}
      onChange={(isOn) => setCrop(studio, input, isOn ? crop : undefined)}
    />
  );
}

const reasons = {
  'not-last': 'detailNotLast',
  shape: 'detailShape',
  'too-wide': 'detailTooWide',
  format: 'detailFormat',
} as const satisfies Record<Extract<DetailOffer, { possible: false }>['reason'], string>;

function setCrop(studio: Studio, input: InputImage, crop: Part | undefined): void {
  studio.change({
    inputs: studio.request.inputs.map((other) => (other.id === input.id ? withCrop(other, crop) : other)),
  });
}

function withCrop({ crop: _, ...input }: InputImage, crop: Part | undefined): InputImage {
  return crop ? { ...input, crop } : input;
}

/** The request with its parts following the boxes; one that cannot be offered any more is all of its picture again. */
export function withCrops(request: ImageRequest, sources: readonly SourceView[]): ImageRequest {
  if (!request.inputs.some(({ crop }) => crop)) return request;
  const inputs = request.inputs.map((input) => {
    const phase = sources.find(({ id }) => id === input.id)?.phase;
    if (!input.crop || phase?.state !== 'ready') return input;
    const offer = detailOffer(request, input, phase.facts);
    return withCrop(input, offer?.possible ? offer.crop : undefined);
  });
  return { ...request, inputs };
}
