package io.aki.spring.boot.tasks;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to the changes of tasks. It keeps the newest change of each task until
 * the subscriber requests it. If there are too many, the subscriber gets
 * {@link AkiTaskChange#RESET} instead. The subscriber is called by one thread at a time.
 */
final class ChangeSubscription implements Flow.Subscription {

	private static final Log logger = LogFactory.getLog(ChangeSubscription.class);

	private static final int PENDING_MAX = 10_000;

	private final Flow.Subscriber<? super AkiTaskChange> subscriber;

	private final @Nullable String owner;

	private final Consumer<ChangeSubscription> onEnd;

	private final Executor executor;

	private final Map<String, AkiTaskChange> pending = new LinkedHashMap<>();

	private long demand;

	private boolean delivering = true;

	private boolean completed;

	private boolean canceled;

	private @Nullable Throwable failure;

	ChangeSubscription(Flow.Subscriber<? super AkiTaskChange> subscriber, @Nullable String owner,
			Consumer<ChangeSubscription> onEnd, Executor executor) {
		this.subscriber = Objects.requireNonNull(subscriber, "'subscriber' must not be null");
		this.owner = owner;
		this.onEnd = onEnd;
		this.executor = executor;
	}

	void start() {
		try {
			this.subscriber.onSubscribe(this);
		}
		catch (RuntimeException | Error ex) {
			logger.error("A subscriber has failed", ex);
			cancel();
		}
		synchronized (this) {
			this.delivering = false;
		}
		deliver();
	}

	void offer(OwnedChange change) {
		AkiTaskChange offered = change.change();
		if (this.owner != null && offered != AkiTaskChange.RESET && !this.owner.equals(change.owner())) {
			return;
		}
		synchronized (this) {
			if (this.canceled || this.completed) {
				return;
			}
			if (this.pending.size() >= PENDING_MAX) {
				this.pending.clear();
				offered = AkiTaskChange.RESET;
			}
			this.pending.remove(offered.id());
			this.pending.put(offered.id(), offered);
		}
		deliver();
	}

	void complete() {
		synchronized (this) {
			this.completed = true;
		}
		deliver();
	}

	@Override
	public void request(long n) {
		synchronized (this) {
			if (n <= 0) {
				this.failure = new IllegalArgumentException("The demand must be 1 or more, not " + n);
			}
			this.demand = (this.demand + n < 0) ? Long.MAX_VALUE : this.demand + n;
		}
		deliver();
	}

	@Override
	public void cancel() {
		synchronized (this) {
			this.canceled = true;
			this.pending.clear();
		}
		this.onEnd.accept(this);
	}

	private void deliver() {
		synchronized (this) {
			if (this.delivering || !hasNext()) {
				return;
			}
			this.delivering = true;
		}
		try {
			this.executor.execute(this::deliverAll);
		}
		catch (RejectedExecutionException ex) {
			// the application has stopped
			deliverAll();
		}
	}

	private boolean hasNext() {
		return !this.canceled
				&& (this.failure != null || (this.demand > 0 && !this.pending.isEmpty()) || this.completed);
	}

	private void deliverAll() {
		while (true) {
			AkiTaskChange next = null;
			Throwable failure;
			synchronized (this) {
				if (!hasNext()) {
					this.delivering = false;
					return;
				}
				failure = this.failure;
				if (failure == null && this.demand > 0 && !this.pending.isEmpty()) {
					Iterator<AkiTaskChange> changes = this.pending.values().iterator();
					next = changes.next();
					changes.remove();
					this.demand--;
				}
				else {
					this.canceled = true;
				}
			}
			try {
				if (next != null) {
					this.subscriber.onNext(next);
					continue;
				}
				this.onEnd.accept(this);
				if (failure != null) {
					this.subscriber.onError(failure);
				}
				else {
					this.subscriber.onComplete();
				}
			}
			catch (RuntimeException | Error ex) {
				logger.error("A subscriber has failed", ex);
				cancel();
			}
			return;
		}
	}

}
