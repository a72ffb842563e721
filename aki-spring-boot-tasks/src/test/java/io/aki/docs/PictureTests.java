package io.aki.docs;

import io.aki.client.AkiParameters;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

// tag::test[]
@SpringBootTest
@AutoConfigureAkiEmulator
class PictureTests {

	@Test
	void createsAPicture(@Autowired AkiTasks tasks) {
		String id = tasks.submit(AkiTaskRequest.of("z_image_turbo", AkiParameters.image("A lighthouse")));
		await().until(() -> tasks.find(id).orElseThrow().state().isFinal());
		assertThat(tasks.result(id).orElseThrow().binaries()).hasSize(1);
	}

}
// end::test[]
