/** node-agent-sdk 1.2.0 as its bots see it. It is CommonJS and brings no types. */
import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'

export interface SdkConf {
  /** People write it either way. */
  readonly accountId: string | number
  readonly csdsDomain: string
  readonly username?: string
  readonly password?: string
  readonly appKey?: string
  readonly secret?: string
  readonly accessToken?: string
  readonly accessTokenSecret?: string
  readonly assertion?: string
  readonly token?: string
  readonly userId?: string
  readonly refreshSessionInterval?: number
  readonly requestTimeout?: number
}

// biome-ignore lint/suspicious/noExplicitAny: a bot reads what it expects to find
export type Body = any

export type Answered = (error: Body, body?: Body) => void
type SdkRequest = (body: unknown, ...rest: unknown[]) => void

/** The methods that the bots call; the SDK makes them from its list of request names. */
export interface SdkAgent extends EventEmitter {
  readonly agentId: string | undefined
  readonly userId: string | undefined
  /** The bearer of its login, for REST. */
  readonly token: string | undefined
  readonly conf: SdkConf
  readonly transport: { readonly ws: { terminate(): void } } | null
  readonly getClock: SdkRequest
  readonly setAgentState: SdkRequest
  readonly subscribeExConversations: SdkRequest
  readonly subscribeRoutingTasks: SdkRequest
  readonly subscribeMessagingEvents: SdkRequest
  readonly updateRingState: SdkRequest
  readonly updateConversationField: SdkRequest
  readonly getUserProfile: SdkRequest
  readonly publishEvent: SdkRequest
  readonly subscribeAgentsState: SdkRequest
  readonly generateURLForUploadFile: SdkRequest
  readonly generateURLForDownloadFile: SdkRequest
  reconnect(reusesToken?: boolean): void
  dispose(): void
}

const { Agent } = createRequire(import.meta.url)('node-agent-sdk') as {
  Agent: new (conf: SdkConf) => SdkAgent
}

export const connectSdk = (conf: SdkConf): SdkAgent => new Agent(conf)
