import { useEffect, useState } from 'preact/hooks'

/** The time, and again from time to time: machines sleep, and what was ahead passes. */
export const useNow = (everyMs: number): number => {
  const [nowMs, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return nowMs
}
