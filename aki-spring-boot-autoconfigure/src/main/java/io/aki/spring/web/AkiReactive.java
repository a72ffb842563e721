package io.aki.spring.web;

import io.aki.client.AkiException;
import io.aki.client.AkiJob;
import io.aki.client.AkiProgress;
import io.aki.client.AkiResult;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.util.Assert;

/**
 * A job as types of Project Reactor, which must be on the class path. A failure of the
 * job is an error signal with an {@link AkiException}, with and without
 * {@code raise-exceptions}. Nothing blocks.
 *
 * @since 1.0.0
 */
public final class AkiReactive {

	private AkiReactive() {
	}

	/**
	 * Return the model's answer in pieces, as {@link AkiJob#textPublisher()}.
	 * @param job the job
	 * @return the pieces; canceling the last subscription of a job cancels the job
	 */
	public static Flux<String> text(AkiJob job) {
		Assert.notNull(job, "'job' must not be null");
		return JdkFlowAdapter.flowPublisherToFlux(job.textPublisher());
	}

	/**
	 * Return the progress, as {@link AkiJob#publisher()}.
	 * @param job the job
	 * @return the progress; canceling the last subscription of a job cancels the job
	 */
	public static Flux<AkiProgress> progress(AkiJob job) {
		Assert.notNull(job, "'job' must not be null");
		return JdkFlowAdapter.flowPublisherToFlux(job.publisher()).concatWith(result(job).then(Mono.empty()));
	}

	/**
	 * Return the result.
	 * @param job the job
	 * @return the result; canceling the subscription cancels the job
	 */
	public static Mono<AkiResult> result(AkiJob job) {
		Assert.notNull(job, "'job' must not be null");
		return Mono.fromFuture(job.result(), true).map(AkiResult::orThrow).doOnCancel(job::cancel);
	}

}
