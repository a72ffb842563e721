package io.aki.sample.worker;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.sample.task.ClaimedTask;

import org.springframework.stereotype.Component;

/**
 * The simple worker: one blocking call. Its job has no id until it has ended, so that it
 * can be neither watched nor canceled, nor gone on with by another instance.
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
