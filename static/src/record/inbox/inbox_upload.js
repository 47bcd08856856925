import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";

/**
 * Send files to the medical inbox, one call each: a file that is refused does not hold back the others, and no file
 * passes through the attachments of the ERP on its way.
 *
 * @param {Object} params
 * @param {() => Object} [params.getValues] patient, visit or practitioner the files come in for
 * @param {(ids: number[]) => any} params.onUploaded called once with the documents that were taken
 * @param {Object} [params.targetRef] where files may be dropped
 */
export function useInboxUpload({ getValues = () => ({}), onUploaded, targetRef }) {
    const orm = useService("orm");
    const notification = useService("notification");
    const state = useState({ left: 0 });

    async function uploadOne(file) {
        try {
            const content = (await getDataURLFromFile(file)).split(",")[1] || "";
            return await orm.call("medical.document", "action_upload", [file.name, content, getValues()]);
        } catch (error) {
            const reason = error.data?.message || error.message;
            notification.add(reason, { title: file.name, type: "danger", sticky: true });
            return false;
        }
    }

    async function upload(files) {
        const ids = [];
        state.left += files.length;
        for (const file of files) {
            const id = await uploadOne(file);
            if (id) {
                ids.push(id);
            }
            state.left--;
        }
        if (ids.length) {
            notification.add(_t("%s document(s) received.", ids.length), { type: "success" });
            await onUploaded(ids);
        }
    }

    if (targetRef) {
        useDropzone(targetRef, (ev) => upload([...ev.dataTransfer.files]), "o_medical_inbox_dropzone");
    }
    return { state, upload };
}
