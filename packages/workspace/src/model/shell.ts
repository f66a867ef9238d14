/** Lets the browser keep the page itself, so that it opens while the server is away. [WSP42] */

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

const WORKER = '/workspace/worker.js'

/** The page's policy takes addresses of scripts only from here, and there is this one. */
const workerAddress = (): string => {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies }
  const rules = { createScriptURL: () => WORKER }
  return trustedTypes?.createPolicy('ringdown', rules).createScriptURL(WORKER) ?? WORKER
}

/** Where the browser will not, the page works as before. */
export const keepShell = (): void => {
  if (!('serviceWorker' in navigator)) return
  const register = () =>
    navigator.serviceWorker
      .register(workerAddress(), { scope: '/workspace/', updateViaCache: 'none' })
      .catch(() => {})
  // After what the agent waits for.
  if (document.readyState === 'complete') void register()
  else addEventListener('load', register, { once: true })
}
