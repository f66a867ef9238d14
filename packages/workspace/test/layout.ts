/** What is wrong with the layout of a page, whatever it shows. */
import type { Page } from 'playwright-core'

const FAULTS = `(() => {
  const name = (one) =>
    one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.textContent).slice(0, 40)
  const top = document.querySelector('[role="dialog"]') ?? document.body
  const isSeen = (one) => {
    const { width, height } = one.getBoundingClientRect()
    return width > 1 && height > 1 && one.checkVisibility({ visibilityProperty: true }) &&
      !one.closest('.sr-only, svg, [data-skeleton]')
  }
  const all = [...top.querySelectorAll('*')].filter(isSeen)
  const page = document.documentElement
  const sideways = page.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []
  // What scrolls is reached by scrolling; an ellipsis is meant where names may be of any length.
  const scrolling = (one) => one.closest('.scrolls, .overflow-x-auto, .truncate, .sr-only')
  const outside = all
    .filter((one) => !scrolling(one))
    .filter((one) => {
      const { left, right } = one.getBoundingClientRect()
      return left < -1 || right > innerWidth + 1
    })
    .map((one) => 'is outside: ' + name(one))
  const words = all.filter((one) => one.matches('button, a, label, h1, h2, h3, p, th, legend, option, [role="tab"]'))
  const cut = words
    .filter((one) => !one.matches('[data-row], [data-row] *, .truncate, .truncate *') && !one.querySelector('.truncate'))
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
    .map((one) => 'is cut: ' + name(one))
  return [...sideways, ...outside, ...cut]
})()`

export const layoutFaults = (page: Page): Promise<readonly string[]> => page.evaluate(FAULTS)
