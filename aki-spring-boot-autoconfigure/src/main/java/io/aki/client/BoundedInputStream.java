package io.aki.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * An answer's body that ends with an exception when it is too large or takes too long as
 * a whole: some engines bound only the time between two reads.
 */
final class BoundedInputStream extends FilterInputStream {

	private final long deadline;

	private long remaining;

	BoundedInputStream(InputStream stream, long maxBytes, long deadlineNanos) {
		super(stream);
		this.remaining = maxBytes;
		this.deadline = deadlineNanos;
	}

	@Override
	public int read() throws IOException {
		checkTime();
		int read = super.read();
		count((read >= 0) ? 1 : 0);
		return read;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		checkTime();
		int read = super.read(buffer, offset, length);
		count(Math.max(read, 0));
		return read;
	}

	/**
	 * Left to the response: a parser that closes what it gave up would have it read to
	 * its end.
	 */
	@Override
	public void close() {
	}

	private void checkTime() throws SocketTimeoutException {
		if (System.nanoTime() - this.deadline > 0) {
			throw new SocketTimeoutException("The answer did not end in time");
		}
	}

	private void count(int read) throws TooLargeException {
		this.remaining -= read;
		if (this.remaining < 0) {
			throw new TooLargeException();
		}
	}

	static final class TooLargeException extends IOException {

		private static final long serialVersionUID = 1L;

	}

}
