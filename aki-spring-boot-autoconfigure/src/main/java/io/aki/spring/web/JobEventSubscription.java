package io.aki.spring.web;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.aki.client.AkiException;
import io.aki.client.AkiProgress;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a job's events as they are requested. The next progress of the job is
 * requested when all events of the last one are delivered, so that a slow client gets the
 * newest state and causes no buffering.
 */
final class JobEventSubscription implements Flow.Subscription, Flow.Subscriber<AkiProgress> {

	private final JobEventPublisher publisher;

	private final Flow.Subscriber<? super StreamEvent> subscriber;

	private final Queue<StreamEvent> undelivered = new ArrayDeque<>();

	private final AtomicInteger signals = new AtomicInteger();

	private final AtomicBoolean left = new AtomicBoolean();

	private Flow.@Nullable Subscription progress;

	private boolean awaitingProgress;

	private long demand;

	private boolean delivered;

	private boolean ended;

	private @Nullable Throwable error;

	private volatile boolean finished;

	JobEventSubscription(JobEventPublisher publisher, Flow.Subscriber<? super StreamEvent> subscriber) {
		this.publisher = publisher;
		this.subscriber = subscriber;
	}

	@Override
	public void request(long number) {
		synchronized (this) {
			if (number <= 0) {
				fail(new IllegalArgumentException("A subscriber must request at least 1 event, not " + number));
			}
			else {
				this.demand = (Long.MAX_VALUE - this.demand < number) ? Long.MAX_VALUE : this.demand + number;
			}
		}
		deliver();
	}

	@Override
	public void cancel() {
		this.finished = true;
		Flow.Subscription progress;
		synchronized (this) {
			progress = this.progress;
			this.undelivered.clear();
		}
		if (progress != null) {
			progress.cancel();
		}
		leave();
	}

	@Override
	public void onSubscribe(Flow.Subscription progress) {
		synchronized (this) {
			this.progress = progress;
		}
		if (this.finished) {
			progress.cancel();
		}
		deliver();
	}

	@Override
	public void onNext(AkiProgress progress) {
		synchronized (this) {
			if (this.finished) {
				return;
			}
			this.awaitingProgress = false;
			this.undelivered.addAll(this.publisher.events().of(progress));
		}
		deliver();
	}

	@Override
	public void onError(Throwable failure) {
		onComplete();
	}

	@Override
	public void onComplete() {
		this.publisher.job().result().whenComplete(this::end);
	}

	private void end(@Nullable AkiResult result, @Nullable Throwable thrown) {
		Throwable failure = failure(result, thrown);
		synchronized (this) {
			this.ended = true;
			if (result != null && failure == null) {
				this.undelivered.addAll(this.publisher.events().done(result));
			}
			else if (failure != null && isStarted()) {
				this.undelivered.addAll(failed(failure));
			}
			else {
				fail(failure);
			}
		}
		deliver();
	}

	private List<StreamEvent> failed(Throwable failure) {
		AkiProblemDetails.log(failure);
		return this.publisher.events().failed(failure);
	}

	private static @Nullable Throwable failure(@Nullable AkiResult result, @Nullable Throwable thrown) {
		if (thrown != null) {
			return (thrown instanceof CompletionException && thrown.getCause() != null) ? thrown.getCause() : thrown;
		}
		try {
			if (result != null) {
				result.orThrow();
			}
			return null;
		}
		catch (AkiException ex) {
			return ex;
		}
	}

	private boolean isStarted() {
		return this.delivered || !this.undelivered.isEmpty();
	}

	private void fail(@Nullable Throwable error) {
		this.undelivered.clear();
		this.ended = true;
		this.error = error;
	}

	/**
	 * Deliver what is requested, one signal at a time, in one thread at a time.
	 */
	private void deliver() {
		if (this.signals.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			while (deliverNext()) {
				continue;
			}
			seen = this.signals.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private boolean deliverNext() {
		if (this.finished) {
			return false;
		}
		StreamEvent next;
		Flow.Subscription requested = null;
		boolean end;
		synchronized (this) {
			next = (this.demand > 0) ? this.undelivered.poll() : null;
			end = this.ended && next == null && this.undelivered.isEmpty();
			if (next != null) {
				this.demand -= (this.demand == Long.MAX_VALUE) ? 0 : 1;
				this.delivered = true;
			}
			else if (!end && this.demand > 0 && !this.awaitingProgress && this.progress != null) {
				this.awaitingProgress = true;
				requested = this.progress;
			}
		}
		if (next != null) {
			this.subscriber.onNext(next);
			return true;
		}
		if (end) {
			finish();
		}
		else if (requested != null) {
			requested.request(1);
		}
		return false;
	}

	private void finish() {
		this.finished = true;
		leave();
		if (this.error != null) {
			this.subscriber.onError(this.error);
		}
		else {
			this.subscriber.onComplete();
		}
	}

	private void leave() {
		if (this.left.compareAndSet(false, true)) {
			this.publisher.onLeave().run();
		}
	}

}
