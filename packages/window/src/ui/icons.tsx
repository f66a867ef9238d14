/** Drawn on a grid of 24. */
const paths = {
  back: 'm15 6-6 6 6 6',
  close: 'm6 6 12 12M18 6 6 18',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  send: 'M4 12h15m-6-6 6 6-6 6',
  attach:
    'm20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.800 4.800L9.500 17a1.700 1.700 0 0 1-2.400-2.400L15 7',
  down: 'm6 9 6 6 6-6',
  next: 'm9 6 6 6-6 6',
  file: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8Zm0 0v5h5',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  checks: 'm2 12.500 4.500 4.500L15 8m-4 8 1 1 9.500-9.500',
  clock: 'M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  warn: 'M12 8v5m0 3.500v.01M10.300 4 2.700 17.500A2 2 0 0 0 4.400 20.500h15.200a2 2 0 0 0 1.700-3L13.700 4a2 2 0 0 0-3.400 0Z',
  talk: 'M21 12a8 8 0 0 1-8 8H4l1.900-3.200A8 8 0 1 1 21 12Z',
  star: 'm12 3.500 2.600 5.300 5.900.9-4.300 4.100 1 5.800-5.200-2.700-5.200 2.700 1-5.800L3.500 9.700l5.900-.9Z',
  out: 'M14 4h6v6m0-6-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name, size = 20 }: { name: IconName; size?: 16 | 20 | 24 }) => (
  <svg
    class={`icon icon-${name}`}
    width={size}
    height={size}
    viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"
  >
    <path d={paths[name]} />
  </svg>
)
