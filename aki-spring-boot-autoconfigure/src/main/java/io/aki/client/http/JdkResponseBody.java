package io.aki.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A response body. The engine's thread adds the bytes, and the caller's thread reads
 * them. The engine never waits. It buffers a limited number of bytes that were not read.
 * <p>
 * The JDK's own stream waits for the next bytes without limit, and on JDK 17 ignores
 * interrupts while it waits. This one aborts the response at its deadline and on an
 * interrupt.
 */
final class JdkResponseBody extends InputStream implements BodySubscriber<InputStream> {

	/**
	 * Number of portions, of at most 16 KB each, that the engine buffers for the reader.
	 */
	private static final int WINDOW = 16;

	private static final int DISCARD_BYTES = 64 * 1024;

	private static final long DISCARD_NANOS = TimeUnit.SECONDS.toNanos(1);

	private @Nullable Long deadline;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final ArrayDeque<List<ByteBuffer>> arrived = new ArrayDeque<>();

	private Flow.@Nullable Subscription subscription;

	private boolean complete;

	private boolean closed;

	private @Nullable Throwable failure;

	/**
	 * The portion that is being read, and the number of its buffers that were read.
	 */
	private List<ByteBuffer> portion = List.of();

	private int finished;

	private int taken;

	JdkResponseBody(@Nullable Long deadline) {
		this.deadline = deadline;
	}

	@Override
	public CompletionStage<InputStream> getBody() {
		return CompletableFuture.completedFuture(this);
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.lock.lock();
		try {
			if (this.subscription != null || this.closed) {
				subscription.cancel();
				return;
			}
			this.subscription = subscription;
		}
		finally {
			this.lock.unlock();
		}
		subscription.request(WINDOW);
	}

	@Override
	public void onNext(List<ByteBuffer> item) {
		this.lock.lock();
		try {
			this.arrived.add(item);
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void onError(Throwable failure) {
		end(failure);
	}

	@Override
	public void onComplete() {
		end(null);
	}

	private void end(@Nullable Throwable failure) {
		this.lock.lock();
		try {
			this.complete = true;
			this.failure = failure;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public int read() throws IOException {
		ByteBuffer buffer = buffer();
		return (buffer != null) ? buffer.get() & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		if (length == 0) {
			return 0;
		}
		ByteBuffer buffer = buffer();
		if (buffer == null) {
			return -1;
		}
		int count = Math.min(buffer.remaining(), length);
		buffer.get(bytes, offset, count);
		return count;
	}

	@Override
	public int available() {
		return (this.finished < this.portion.size()) ? this.portion.get(this.finished).remaining() : 0;
	}

	/**
	 * Return a buffer with bytes in it, or {@code null} at the end.
	 */
	private @Nullable ByteBuffer buffer() throws IOException {
		while (true) {
			for (; this.finished < this.portion.size(); this.finished++) {
				ByteBuffer buffer = this.portion.get(this.finished);
				if (buffer.hasRemaining()) {
					return buffer;
				}
			}
			List<ByteBuffer> next = next();
			if (next == null) {
				return null;
			}
			this.portion = next;
			this.finished = 0;
			askForMore();
		}
	}

	private void askForMore() {
		Flow.Subscription subscription = this.subscription;
		if (++this.taken == WINDOW / 2 && subscription != null) {
			this.taken = 0;
			subscription.request(WINDOW / 2);
		}
	}

	private @Nullable List<ByteBuffer> next() throws IOException {
		this.lock.lock();
		try {
			while (true) {
				if (this.closed) {
					throw new IOException("The response is closed");
				}
				checkDeadline();
				List<ByteBuffer> next = this.arrived.poll();
				if (next != null) {
					return next;
				}
				if (this.failure != null) {
					throw new IOException(this.failure.getMessage(), this.failure);
				}
				if (this.complete) {
					return null;
				}
				await();
			}
		}
		catch (InterruptedException ex) {
			close();
			Thread.currentThread().interrupt();
			InterruptedIOException interrupted = new InterruptedIOException("Interrupted while reading the response");
			interrupted.initCause(ex);
			throw interrupted;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void checkDeadline() throws SocketTimeoutException {
		if (this.deadline != null && System.nanoTime() - this.deadline >= 0) {
			close();
			throw new SocketTimeoutException("The response did not end in time");
		}
	}

	private void await() throws InterruptedException {
		if (this.deadline == null) {
			this.changed.await();
		}
		else {
			this.changed.awaitNanos(this.deadline - System.nanoTime());
		}
	}

	/**
	 * Read at most 64 KB for at most a second, so that the connection can be used again.
	 */
	void discard() {
		long atMost = System.nanoTime() + DISCARD_NANOS;
		this.deadline = (this.deadline == null || atMost - this.deadline < 0) ? Long.valueOf(atMost) : this.deadline;
		try {
			int discarded = 0;
			for (ByteBuffer buffer = buffer(); buffer != null && discarded < DISCARD_BYTES; buffer = buffer()) {
				discarded += buffer.remaining();
				this.finished++;
			}
		}
		catch (IOException ex) {
			// the connection is closed
		}
	}

	/**
	 * Abort the response if it is not complete.
	 */
	@Override
	public void close() {
		Flow.Subscription subscription;
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			this.arrived.clear();
			this.portion = List.of();
			subscription = this.complete ? null : this.subscription;
		}
		finally {
			this.lock.unlock();
		}
		if (subscription != null) {
			subscription.cancel();
		}
	}

}
