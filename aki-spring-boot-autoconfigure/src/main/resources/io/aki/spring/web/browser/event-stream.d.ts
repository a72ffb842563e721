/** The progress of a job. Numbers that the server did not send are -1. */
export interface AkiProgress {
	job_id: string;
	/** Per cent, 0 to 100, or -1. */
	progress: number;
	queue_position: number;
	/** Remaining seconds. */
	estimate: number;
	job_state: string;
	/** Partial results other than text, such as preview images. */
	data?: Record<string, unknown>;
}

/** A problem detail (RFC 9457). */
export interface AkiProblem {
	type?: string;
	title?: string;
	status: number;
	detail?: string;
	job_id?: string;
}

/** The public result of a job. */
export interface AkiResult {
	success: boolean;
	job_id?: string;
	text?: unknown;
	images?: string[];
	[field: string]: unknown;
}

export interface AkiEventStreamOptions {
	/** Default: POST. */
	method?: string;
	headers?: HeadersInit;
	/** A plain object is sent as JSON. */
	body?: BodyInit | Record<string, unknown>;
	credentials?: RequestCredentials;
	/** Called with each piece of the answer. */
	onDelta?: (text: string) => void;
	/** Called with each piece of the model's reasoning. */
	onThinking?: (text: string) => void;
	onProgress?: (progress: AkiProgress) => void;
	/** Called before the stream reconnects. Only reconnectable streams do. */
	onReconnect?: (reconnect: { attempt: number; delay: number }) => void;
	/** How many attempts in a row may fail. Default: 6. */
	maxReconnects?: number;
	/** Milliseconds before the first attempt; doubled for each further one, to at most 10,000. Default: 1,000. */
	reconnectDelay?: number;
}

/** The stream did not end with a result. */
export class AkiStreamError extends Error {
	readonly kind: 'failure' | 'truncated' | 'stopped';
	/** The server's reason, for the kind 'failure'. */
	readonly problem: AkiProblem | null;
}

export interface AkiEventStream {
	/** Resolves with the result, or rejects with an AkiStreamError. */
	result: Promise<AkiResult>;
	/**
	 * Stop reading. The server then cancels the job, a reconnectable one after a while. Leaving the page
	 * (the event 'pagehide') does the same.
	 */
	stop(): void;
}

export function openEventStream(url: string | URL, options?: AkiEventStreamOptions): AkiEventStream;
