// tag::browser[]
import { openEventStream } from "/aki/event-stream.js";

async function ask(path) {
	const stream = openEventStream(path, {
		body: { text: question.value },
		onDelta: (text) => answer.textContent += text,
		onThinking: (text) => thoughts.textContent += text,
		onProgress: (progress) => state.textContent = progress.job_state,
		onReconnect: () => state.textContent = "connecting again"
	});
	stopButton.onclick = () => stream.stop();
	try {
		const result = await stream.result;
		state.textContent = `done, ${result.num_generated_tokens} tokens`;
	}
	catch (error) {
		state.textContent = `${error.kind}: ${error.message}`;
	}
}
// end::browser[]

const [question, answer, thoughts, state, stopButton] = ["question", "answer", "thoughts", "state", "stop"]
	.map((id) => document.getElementById(id));

document.getElementById("ask").onclick = () => ask(document.getElementById("path").value);
