package io.aki.spring.web;

import java.util.concurrent.Flow;

import io.aki.client.AkiJob;

/**
 * Publishes the events of one job to one client. If the job fails before the first event,
 * the publisher signals its {@link io.aki.client.AkiException} as an error. Otherwise the
 * last event is {@code done} or {@code failure}. A subscription that is canceled is a
 * reader that leaves the job.
 *
 * @param job the job
 * @param events converts the progress of the job
 * @param onLeave called once, when the subscriber has got the last event or has canceled
 */
record JobEventPublisher(AkiJob job, JobEvents events, Runnable onLeave) implements Flow.Publisher<StreamEvent> {

	@Override
	public void subscribe(Flow.Subscriber<? super StreamEvent> subscriber) {
		JobEventSubscription subscription = new JobEventSubscription(this, subscriber);
		subscriber.onSubscribe(subscription);
		this.job.publisher().subscribe(subscription);
	}

}
