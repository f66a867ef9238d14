/** Formats of moments, kept: making one takes as long as a hundred uses of it. */
const styles = {
  time: { hour: '2-digit', minute: '2-digit' },
  date: { day: 'numeric', month: 'short' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>

const formats = new Map<string, Intl.DateTimeFormat>()

export const momentIn = (locale: string, style: keyof typeof styles, at: number): string => {
  const key = `${style} ${locale}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, styles[style])
  formats.set(key, format)
  return format.format(at)
}
