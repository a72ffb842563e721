package io.aki.sample.worker;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.sample.task.ClaimedTask;

import org.springframework.stereotype.Component;

/**
 * The worker that makes one blocking call. The job's id is not known until the job has
 * ended. Therefore, the job cannot be followed or canceled, and no other instance can
 * continue it.
 */
@Component
class SimpleWorker {

	private final AkiClient aki;

	SimpleWorker(AkiClient aki) {
		this.aki = aki;
	}

	AkiResult work(ClaimedTask task) {
		return this.aki.forEndpoint(task.endpoint()).doApiRequest(task.params());
	}

}
