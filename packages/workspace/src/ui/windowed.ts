/** Which rows of a long list are drawn. All rows have one height, so nothing has to be measured. [WSP5] */
import { type RefObject, useCallback, useEffect, useState } from 'react'

/** Rows beyond what is seen, so that a quick scroll finds them drawn. */
const BEYOND = 8

export interface Span {
  readonly from: number
  readonly to: number
}

export const spanOf = (
  { scrollTop, height }: { readonly scrollTop: number; readonly height: number },
  count: number,
  rowHeight: number,
): Span => ({
  from: Math.max(0, Math.floor(scrollTop / rowHeight) - BEYOND),
  to: Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + BEYOND),
})

/** The rows of a span, and the one to which Tab leads with those beside it, wherever they are. */
export const rowsDrawn = ({ from, to }: Span, entry: number, count: number): readonly number[] => {
  const beside = [entry - 1, entry, entry + 1].filter((place) => place >= 0 && place < count)
  const seen = Array.from({ length: to - from }, (_, index) => from + index)
  return [
    ...beside.filter((place) => place < from),
    ...seen,
    ...beside.filter((place) => place >= to),
  ]
}

/** As little as brings a row into view as a whole. */
export const scrollTo = (scroller: Element, place: number, rowHeight: number): void => {
  const { scrollTop, clientHeight } = scroller
  const top = place * rowHeight
  const lowest = top + rowHeight - clientHeight
  const next = Math.min(top, Math.max(lowest, scrollTop))
  if (next !== scrollTop) scroller.scrollTop = next
}

export const useSpan = (
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): { readonly span: Span; readonly scrolled: () => void } => {
  const [place, setPlace] = useState({ scrollTop: 0, height: 0 })
  const read = useCallback(() => {
    const { scrollTop = 0, clientHeight = 0 } = scroller.current ?? {}
    // Within a row nothing else is drawn.
    const at = Math.floor(scrollTop / rowHeight) * rowHeight
    setPlace((before) =>
      before.scrollTop === at && before.height === clientHeight
        ? before
        : { scrollTop: at, height: clientHeight },
    )
  }, [scroller, rowHeight])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    read()
    const sizes = new ResizeObserver(read)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [scroller, read])
  return { span: spanOf(place, count, rowHeight), scrolled: read }
}
