package io.aki.client.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A response body with limits for its size and for the total time to read it. A read
 * fails when a limit is exceeded. Some engines limit only the time of a single read.
 */
final class BoundedInputStream extends FilterInputStream {

	private final LimitedExchange exchange;

	private long remaining;

	private boolean complete;

	BoundedInputStream(InputStream stream, LimitedExchange exchange) {
		super(stream);
		this.exchange = exchange;
		this.remaining = exchange.limits().maxBytes();
	}

	/**
	 * Return whether the end of the body was read.
	 */
	boolean isComplete() {
		return this.complete;
	}

	@Override
	public int read() throws IOException {
		this.exchange.timeLeft();
		int read = super.read();
		count((read >= 0) ? 1 : -1);
		return read;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		this.exchange.timeLeft();
		int read = super.read(buffer, offset, length);
		count(read);
		return read;
	}

	/**
	 * Do nothing: a parser closes its input when it fails, and closing the streams of
	 * some engines reads them to their end. {@link BoundedResponse#close()} ends the
	 * body.
	 */
	@Override
	public void close() {
	}

	/**
	 * Count the bytes that were read. The body of a canceled exchange may look complete.
	 */
	private void count(int read) throws IOException {
		if (read < 0) {
			if (this.exchange.isCanceled()) {
				throw new IOException("The exchange was canceled");
			}
			this.complete = true;
			return;
		}
		this.remaining -= read;
		if (this.remaining < 0) {
			throw new TooLargeException();
		}
	}

	static final class TooLargeException extends IOException {

		private static final long serialVersionUID = 1L;

	}

}
