package io.aki.client;

import java.util.concurrent.Flow;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a job's events to a subscriber as it requests them, one at a time, in the
 * thread that adds events or requests elements.
 *
 * @param <T> the type of the elements
 */
final class JobSubscription<T> implements JobReader, Flow.Subscription {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final Flow.Subscriber<? super T> subscriber;

	private final UnreadEvents<T> unread;

	private final Consumer<JobReader> onCancel;

	private long demand;

	private boolean ended;

	private @Nullable Throwable failure;

	/** Initially true: nothing may be delivered before the call of onSubscribe. */
	private boolean delivering = true;

	private boolean finished;

	JobSubscription(Flow.Subscriber<? super T> subscriber, UnreadEvents<T> unread, Consumer<JobReader> onCancel) {
		this.subscriber = subscriber;
		this.unread = unread;
		this.onCancel = onCancel;
	}

	/**
	 * Pass this subscription to the subscriber and deliver the events.
	 */
	void start() {
		this.subscriber.onSubscribe(this);
		synchronized (this) {
			this.delivering = false;
		}
		wake();
	}

	@Override
	public synchronized void add(AkiProgress progress) {
		if (!this.finished) {
			this.unread.add(progress);
		}
	}

	@Override
	public synchronized void end(@Nullable AkiResult result, @Nullable Throwable failure) {
		if (result != null && !this.finished) {
			this.unread.add(result);
		}
		this.ended = true;
		this.failure = (result != null) ? this.unread.failure(result, failure) : failure;
	}

	@Override
	public void request(long number) {
		if (number <= 0) {
			synchronized (this) {
				this.unread.clear();
				end(null, new IllegalArgumentException(
						"A subscriber must request at least 1 element (rule 3.9), not " + number));
			}
			this.onCancel.accept(this);
		}
		else {
			synchronized (this) {
				this.demand = (Long.MAX_VALUE - this.demand < number) ? Long.MAX_VALUE : this.demand + number;
			}
		}
		wake();
	}

	@Override
	public void cancel() {
		synchronized (this) {
			this.finished = true;
			this.unread.clear();
		}
		this.onCancel.accept(this);
	}

	@Override
	public void wake() {
		synchronized (this) {
			if (this.delivering) {
				return;
			}
			this.delivering = true;
		}
		try {
			while (deliverNext()) {
				continue;
			}
		}
		catch (Throwable ex) {
			logger.warn("A subscriber to a job failed; its subscription is canceled", ex);
			cancel();
		}
	}

	/**
	 * Deliver one signal.
	 * @return {@code false} if there is none to deliver now
	 */
	private boolean deliverNext() {
		T next;
		synchronized (this) {
			next = (this.demand > 0 && !this.finished) ? this.unread.poll() : null;
			boolean end = next == null && this.unread.isEmpty() && this.ended && !this.finished;
			if (next == null && !end) {
				this.delivering = false;
				return false;
			}
			this.finished = end;
			if (next != null) {
				this.demand -= (this.demand == Long.MAX_VALUE) ? 0 : 1;
			}
		}
		if (next != null) {
			this.subscriber.onNext(next);
		}
		else if (this.failure != null) {
			this.subscriber.onError(this.failure);
		}
		else {
			this.subscriber.onComplete();
		}
		return true;
	}

}
