package io.aki.spring.ai.docs;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * The application of the page about Spring AI.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(ChatController.class)
class DocsApplication {

}
