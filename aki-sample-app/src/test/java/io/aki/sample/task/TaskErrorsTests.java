package io.aki.sample.task;

import java.time.Instant;
import java.util.Map;

import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TaskErrorsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					-   | CUDA out of memory                                         | CUDA out of memory
					-   | The job was canceled because it took longer than 'job-timeout' (600 s) | The task was stopped because it took longer than the time limit.
					-   | No complete response within 30 s                           | AKI.IO did not answer in time.
					-   | The server cannot be reached: Connection refused (gpu.internal:8443) | AKI.IO could not be reached. Try again later.
					-   | The response (200) is not JSON. Is 'aki.io.api-server' the address of AKI.IO? | AKI.IO could not be reached. Try again later.
					400 | Unknown parameter 'colour'                                 | Unknown parameter 'colour'
					401 | The key xyz is not valid at https://gpu.internal           | This application may not use the endpoint.
					408 | Request timeout at 10.0.0.1                                | AKI.IO did not answer in time.
					502 | nginx/1.2 at 10.0.0.1                                      | AKI.IO reported an error (502).
					503 | No worker                                                  | No worker took the task. Try again later.
					-   | -                                                          | -
					""")
	void describesFailuresToUsers(@Nullable Integer code, @Nullable String error, @Nullable String expected) {
		Instant now = Instant.now();
		AkiTask task = new AkiTask("id", "endpoint", "anna", AkiTaskState.FAILED, 0, -1, -1, 1, "job", error, code, 0,
				false, Map.of(), now, now, now, now);
		assertThat(TaskErrors.describe(task)).isEqualTo(expected);
	}

}
